// Phones: the filters start folded unless some are chosen. Runs before the list is painted, hence no module.
{
  const filters = document.currentScript.previousElementSibling;
  if (matchMedia("(max-width: 40rem)").matches && !filters.querySelector(":checked")) filters.open = false;
}

// Addresses stay short: what was left empty is not said.
document.addEventListener("htmx:configRequest", (event) => {
  const given = event.detail.formData;
  for (const [name, value] of [...given.entries()]) {
    if (value === "" || (name === "sort" && value === "first" && !given.get("q"))) given.delete(name);
  }
});
