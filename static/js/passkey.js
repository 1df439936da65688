// Passkeys cannot work without script, so their buttons appear only with it; what goes wrong is said in words.
for (const button of document.querySelectorAll("[data-needs-script]")) button.hidden = !window.PublicKeyCredential;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const live = document.getElementById("passkey-problem") ?? document.createElement("p");
  live.id = "passkey-problem";
  live.className = "field__msg";
  live.dataset.tone = "bad";
  live.setAttribute("role", "alert");
  const button = document.querySelector("[data-needs-script], #mfa_webauthn_reauthenticate");
  button?.after(live);
  live.textContent = button?.dataset.problem ?? "";
});
