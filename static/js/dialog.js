// a[data-i2a-dialog="id"]: shows the page it leads to inside dialog#id, as a fragment; without script it is a link.
// Text that was typed there and not saved is never lost by one key: [data-i2a-dialog-warning] asks first.
// [data-i2a-refreshes="selector"] on the dialog: that part of the page is drawn again after something was saved.

const isUnsaved = (dialog) =>
  Boolean(dialog.querySelector("[data-i2a-unsaved]")) ||
  Array.from(dialog.querySelectorAll("textarea, input:not([type=hidden])")).some((box) => box.value !== box.defaultValue);

// The part as it is on the page now; when it does not come, the old one stays.
async function refresh(part) {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(part);
  if (!fresh) return;
  document.querySelector(part).replaceWith(document.adoptNode(fresh));
  htmx.process(fresh);
}

function start(dialog) {
  const body = dialog.querySelector("[data-i2a-dialog-body]");
  const warning = dialog.querySelector("[data-i2a-dialog-warning]");
  document.body.append(dialog); // out of whatever styles the place of its button
  let isSaved = false;
  let goOn = null; // what the person wanted when the warning came up

  const warnOr = (go) => {
    if (!isUnsaved(dialog)) return go();
    goOn = go;
    warning.hidden = false;
    warning.querySelector("[data-i2a-dialog-stay]").focus();
  };
  const stay = () => {
    warning.hidden = true;
    (body.querySelector("textarea") || dialog).focus();
  };

  dialog.querySelector("[data-i2a-dialog-close]").addEventListener("click", () => warnOr(() => dialog.close()));
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    if (warning.hidden) warnOr(() => dialog.close());
    else stay();
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault(); // the back gesture of a phone
    warnOr(() => dialog.close());
  });
  warning.querySelector("[data-i2a-dialog-stay]").addEventListener("click", stay);
  warning.querySelector("[data-i2a-dialog-leave]").addEventListener("click", () => {
    warning.hidden = true;
    goOn();
  });

  body.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !isUnsaved(dialog)) return;
    event.preventDefault();
    event.stopPropagation();
    warnOr(() => {
      body.querySelectorAll("form").forEach((form) => form.remove());
      link.click();
    });
  }, true);
  // Not once it has settled: by then somebody may have pressed Escape over what they see.
  body.addEventListener("htmx:afterSwap", () => {
    warning.hidden = true;
    if (body.querySelector("[data-i2a-note-saved]")) isSaved = true;
    if (!dialog.open || body.querySelector("[data-i2a-errors]")) return; // js/errors.js has the focus
    (body.querySelector("textarea") || body.querySelector("h2"))?.focus();
  });
  dialog.addEventListener("close", () => {
    body.replaceChildren(); // what was read stays no longer than it is looked at
    if (isSaved && dialog.dataset.i2aRefreshes) refresh(dialog.dataset.i2aRefreshes);
    isSaved = false;
  });
}

document.querySelectorAll("dialog[id]").forEach((dialog) => dialog.querySelector("[data-i2a-dialog-body]") && start(dialog));

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-i2a-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const dialog = document.getElementById(link.dataset.i2aDialog);
  const body = dialog.querySelector("[data-i2a-dialog-body]");
  event.preventDefault();
  if (dialog.open) return;
  link.focus(); // where the focus returns to, also in browsers that do not focus a pressed link
  await htmx.ajax("GET", link.pathname, { target: body });
  if (!body.childElementCount) return; // refused, or no answer: js/requests.js has said so
  dialog.showModal();
  (body.querySelector("textarea") || body.querySelector("h2"))?.focus();
});
