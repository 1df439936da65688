// Does a form say something else than the page brought? What was typed before a script ran fired its events unheard.

function moved(control) {
  if (["radio", "checkbox"].includes(control.type)) return control.checked !== control.defaultChecked;
  if (control.options) {
    const options = [...control.options];
    const brought = options.some((option) => option.defaultSelected);
    return brought ? options.some((option) => option.selected !== option.defaultSelected) : control.selectedIndex > 0;
  }
  return control.type !== "hidden" && "defaultValue" in control && control.value !== control.defaultValue;
}

export const touched = (form) => [...form.elements].some(moved);
