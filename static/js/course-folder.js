// A course folder uploaded as it is. Browsers send the names of its files without their places, so the places go along in
// a field of their own, in the same order. Without this file the form stays hidden and the .zip is the way.
const hidden = (path) => path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");

for (const form of document.querySelectorAll("[data-folder]")) {
  const field = form.querySelector("input[type=file]");
  const said = form.querySelector("[role=alert]");
  if (!("webkitdirectory" in field)) continue;
  form.hidden = false;
  const files = () => [...field.files].filter((file) => !hidden(file.webkitRelativePath));
  const say = (words) => {
    said.textContent = words;
    field.closest(".field").toggleAttribute("data-state", false);
    if (words) field.closest(".field").dataset.state = "bad";
    field.setAttribute("aria-invalid", String(Boolean(words)));
  };
  field.addEventListener("change", () => say(""));
  form.addEventListener("submit", (event) => {
    const count = files().length;
    if (count > 0 && count <= Number(form.dataset.most)) return;
    event.preventDefault();
    say(count ? form.dataset.many : form.dataset.none);
    field.focus();
  });
  form.addEventListener("formdata", ({ formData }) => {
    formData.delete("file");
    for (const file of files()) {
      formData.append("path", file.webkitRelativePath);
      formData.append("file", file, file.name);
    }
  });
}
