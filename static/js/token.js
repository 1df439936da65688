// The page's token against forged requests. After signing in on another tab the page's own is an old one.

/** Put the token of ``page`` into every form of this one; false when it has none. */
export function setToken(page) {
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token) return false;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  return true;
}

/** Fetch the page's new token; false when nobody is signed in or nothing answers. */
export async function renewToken() {
  const answer = await fetch(window.location.href, { redirect: "manual", credentials: "same-origin" }).catch(() => null);
  if (answer?.status === 405) return true; // this page came as the answer to a form: its address shows nothing to read
  if (!answer?.ok) return false;
  return setToken(new DOMParser().parseFromString(await answer.text(), "text/html"));
}
