// The browser knows the time zone; the server checks the name and keeps nothing if there is none.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("[data-time-zone]")) field.value ||= zone ?? "";
