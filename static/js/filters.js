// Phones: the filters start folded unless some are chosen. Runs before the list is painted, hence no module.
{
  const filters = document.currentScript.previousElementSibling;
  if (matchMedia("(max-width: 40rem)").matches && !filters.querySelector(":checked")) filters.open = false;
}
