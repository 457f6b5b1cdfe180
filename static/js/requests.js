// What htmx does not handle by itself: an answer that is no fragment, and no answer at all.
// Words come from the body: [data-i2a-failed], [data-i2a-refused].

function tell(text) {
  const region = document.querySelector("[data-i2a-toasts]");
  if (!region || !text) return;
  const toast = document.createElement("div");
  toast.className = "toast toast-stop";
  toast.dataset.i2aToast = "";
  toast.dataset.i2aHideAfter = "20";
  toast.append(Object.assign(document.createElement("p"), { textContent: text }));
  region.append(toast);
}

// The session ran out: the answer is the sign-in page. Show it as a page, not inside a list.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answered = event.detail.xhr.responseURL;
  if (!answered || new URL(answered).pathname === new URL(event.detail.pathInfo.requestPath, location).pathname) return;
  if (/^\s*<!doctype html/i.test(event.detail.serverResponse)) {
    event.detail.shouldSwap = false;
    location.assign(answered);
  }
});

// The lookup says so itself; what a page asks by itself every few seconds says nothing: [data-i2a-quiet].
const speaksItself = (event) => event.target.closest?.("[data-i2a-lookup], [data-i2a-quiet]");
document.addEventListener("htmx:responseError", (event) => {
  if (speaksItself(event)) return;
  tell(event.detail.xhr.status === 403 ? document.body.dataset.i2aRefused : document.body.dataset.i2aFailed);
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (!speaksItself(event)) tell(document.body.dataset.i2aFailed);
  });
}
