// A time of day as the pages write it: 24 hours, in the zone that the server shows its own times in.
export const clock = (at, timeZone) =>
  new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
