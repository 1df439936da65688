// What somebody did before a script ran: it fired its events unheard. Does a form say something else than the page brought?

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

/** Is somebody in a field? Then a script that comes late leaves the focus there. */
export const inField = () => Boolean(document.activeElement?.closest("input, textarea, select, [contenteditable]"));
