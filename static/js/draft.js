// form[data-i2a-draft="url"]: what is typed is kept on the server 0.8 s after the last key, and when the tab is hidden. The answer
// is the sentence to show in every [data-i2a-saved]. When the server cannot be reached, a copy stays in this browser until the
// server has it, and [data-i2a-draft-offer="id"] offers it again; it is never kept longer, because it is personal information.

const PAUSE = 800;
const RETRY = [3000, 6000, 12000, 30000];
const KEEP_HOURS = 24; // as long as the server keeps a draft
const PREFIX = "i2a-draft:";
// Bytes that a request may carry while the page goes away, a limit of the browsers (64 KiB, less a margin).
const KEEPALIVE_LIMIT = 60000;

const storage = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false; // full, or refused: then the strip says "not saved"
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // refused: there is no copy either
    }
  },
  dropOld() {
    try {
      for (const key of Object.keys(localStorage).filter((each) => each.startsWith(PREFIX))) {
        const copy = storage.read(key);
        if (!copy || Date.now() - copy.at > KEEP_HOURS * 3600 * 1000) storage.drop(key);
      }
    } catch {
      // refused
    }
  },
};

const form = document.querySelector("form[data-i2a-draft]");
const offer = document.querySelector("[data-i2a-draft-offer]");
const SECRET = ["csrfmiddlewaretoken"];
const isOffered = () => Boolean(offer && !offer.hidden); // a person still has to say what becomes of the copy

function entries() {
  return Array.from(new FormData(form)).filter(([, value]) => typeof value === "string");
}

function start() {
  const key = PREFIX + (offer?.dataset.i2aDraftOffer || form.dataset.i2aDraft);
  const user = offer?.dataset.i2aDraftUser || "";
  let wait, isSending, isLeaving, isDirty = false, failures = 0;

  const say = (sentence, isSaved) => {
    for (const out of document.querySelectorAll("[data-i2a-saved]")) {
      if (sentence) out.textContent = sentence;
      out.classList.toggle("is-long", out.textContent.length > 40);
      out.classList.toggle("is-unsaved", !isSaved);
    }
  };

  const keepHere = () => {
    const fields = entries().filter(([name]) => !SECRET.includes(name));
    const isKept = storage.write(key, { at: Date.now(), user, fields });
    say(isKept ? offer?.dataset.i2aDraftKept : offer?.dataset.i2aDraftLost, false);
  };

  const failed = () => {
    isDirty = true;
    keepHere();
    clearTimeout(wait);
    wait = setTimeout(save, RETRY[Math.min(failures, RETRY.length - 1)]);
    failures += 1;
  };

  async function save() {
    if (isLeaving || !isDirty) return;
    if (isSending) {
      wait = setTimeout(save, PAUSE);
      return;
    }
    isSending = true;
    isDirty = false;
    clearTimeout(wait);
    const body = new URLSearchParams(entries());
    const sent = { method: "POST", body, keepalive: body.toString().length < KEEPALIVE_LIMIT, redirect: "error" };
    try {
      const answer = await fetch(form.dataset.i2aDraft, sent);
      const isPlain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
      const sentence = isPlain ? (await answer.text()).trim() : "";
      if (answer.ok) {
        failures = 0;
        if (!isDirty && !isOffered()) storage.drop(key);
        say(sentence, true);
      } else if (answer.status === 409) {
        keepHere(); // gone, or newer in another window: nothing here may overwrite it, and nothing here is lost
        say(sentence, false);
      } else {
        failed();
      }
    } catch {
      failed();
    } finally {
      isSending = false;
    }
  }

  const later = () => {
    isDirty = true;
    clearTimeout(wait);
    wait = setTimeout(save, PAUSE);
  };
  const now = () => {
    if (!isDirty || isLeaving) return;
    if (failures) keepHere();
    clearTimeout(wait);
    save();
  };

  const belongs = (event) => event.target.form === form && event.target.name;
  document.addEventListener("input", (event) => belongs(event) && later());
  document.addEventListener("change", (event) => belongs(event) && later());
  document.addEventListener("visibilitychange", () => document.hidden && now());
  addEventListener("pagehide", now);
  addEventListener("online", now);
  const leave = () => {
    isLeaving = true;
    clearTimeout(wait);
    setTimeout(() => (isLeaving = false), 8000);
  };
  // The call itself is on its way: a draft that arrives after it would come back from the dead.
  form.addEventListener("submit", leave);
  // form[data-i2a-forgets], signing out and discarding: a copy written while the page goes away would outlive both.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-i2a-forgets]")) return;
    leave();
    storage.drop(key);
  });
  addEventListener("pageshow", (event) => event.persisted && (isLeaving = false));

  storage.dropOld();
  offerCopy(key, user, later);
}

function offerCopy(key, user, later) {
  const copy = storage.read(key);
  if (!offer || !copy || copy.user !== user) return;
  offer.hidden = false;
  offer.querySelector("[data-i2a-draft-restore]").addEventListener("click", () => {
    restore(copy.fields);
    offer.hidden = true;
    later();
  });
  offer.querySelector("[data-i2a-draft-forget]").addEventListener("click", () => {
    storage.drop(key);
    offer.hidden = true;
  });
}

// Only what people fill in: hidden fields (version, form_uuid) belong to the page that the server drew now.
function restore(fields) {
  const kept = new Map();
  for (const [name, value] of fields) kept.set(name, [...(kept.get(name) || []), value]);
  for (const control of form.elements) {
    if (!control.name || control.type === "hidden" || control.type === "submit") continue;
    const values = kept.get(control.name) || [];
    if (control.matches("[type=radio], [type=checkbox]")) control.checked = values.includes(control.value);
    else control.value = values[0] ?? "";
  }
  dispatchEvent(new Event("i2a:restored"));
}

if (form) start();
