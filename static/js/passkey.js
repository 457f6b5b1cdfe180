// What went wrong with a passkey is said on the page: [data-i2a-passkey-failed], with its two sentences.

const out = document.querySelector("[data-i2a-passkey-failed]");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // allauth would write it to the console only
  const wasCancelled = ["NotAllowedError", "AbortError", "InvalidStateError"].includes(event.detail.exception?.name);
  out.textContent = wasCancelled ? out.dataset.i2aCancelled : out.dataset.i2aImpossible;
  out.hidden = false;
});
