// A page that shows how far a job is: it looks again by itself, ever more rarely, until the job is done. It says nothing
// aloud while it waits; when the page changes, it is loaded anew.
const area = document.querySelector("[data-working]");
const LONGEST_MS = 30000;
let wait = 1000;

async function look() {
  try {
    const response = await fetch(area.dataset.working, { credentials: "same-origin" });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-working]");
    if (!fresh) {
      window.location.reload();
      return;
    }
    area.querySelector("progress").replaceWith(fresh.querySelector("progress"));
    area.querySelector(".meter span").replaceWith(fresh.querySelector(".meter span"));
  } catch {
    // No connection: the next look may find one.
  }
  wait = Math.min(wait * 1.5, LONGEST_MS);
  setTimeout(look, wait);
}

if (area) setTimeout(look, wait);
