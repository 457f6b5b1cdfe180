// [data-i2a-toast]: goes after [data-i2a-hide-after] seconds, but not while the pointer or the focus is on it.
// A live region only speaks of what is put into it after loading, so toasts that came with the page are put in again.

function arm(toast) {
  if (toast.dataset.i2aArmed) return;
  toast.dataset.i2aArmed = "true";
  toast.querySelector("[data-i2a-toast-close]")?.addEventListener("click", () => toast.remove());
  let left = Number(toast.dataset.i2aHideAfter || 0) * 1000;
  if (!left) return;
  let wait, since;
  const run = () => {
    since = Date.now();
    wait = setTimeout(() => toast.remove(), left);
  };
  const pause = () => {
    clearTimeout(wait);
    left = Math.max(2000, left - (Date.now() - since));
  };
  toast.addEventListener("pointerenter", pause);
  toast.addEventListener("pointerleave", run);
  toast.addEventListener("focusin", pause);
  toast.addEventListener("focusout", run);
  run();
}

const region = document.querySelector("[data-i2a-toasts]");
if (region) {
  const loaded = Array.from(region.querySelectorAll("[data-i2a-toast]"));
  loaded.forEach((toast) => toast.remove());
  setTimeout(() => loaded.forEach((toast) => region.append(toast)), 100);
  loaded.forEach(arm);
  new MutationObserver(() => region.querySelectorAll("[data-i2a-toast]").forEach(arm)).observe(region, { childList: true });
}
