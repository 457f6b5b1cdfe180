// dialog[data-i2a-idle]: asks, shortly before the session ends by itself, whether somebody is there. How long is left only
// the server knows, which other tabs ask too; asking lengthens nothing. After the end a page without typed text goes to sign
// in; one with text that no server has keeps it, covered, until the same person is signed in again.

const box = document.querySelector("[data-i2a-idle]");
const over = document.querySelector("[data-i2a-idle-over]");
const TOKEN = "X-CSRFToken";
const isChanged = (control) =>
  control.matches("textarea, input[type=text], input[type=email], input[type=tel]") ? control.value !== control.defaultValue
  : control.matches("[type=radio], [type=checkbox]") ? control.checked !== control.defaultChecked : false;
// A form with a draft is on the server already.
const isTyped = () =>
  Array.from(document.querySelectorAll("main form:not([data-i2a-draft])")).some((form) => Array.from(form.elements).some(isChanged));
const headers = () => JSON.parse(document.body.getAttribute("hx-headers"));

let endsAt, wait, ticking;

// Seconds left; 0 when signed out; null when nobody answers.
async function ask(method, url) {
  try {
    const answer = await fetch(url, { method, headers: headers(), redirect: "error" });
    return answer.ok ? Number(await answer.text()) : answer.status === 401 ? 0 : null;
  } catch {
    return null;
  }
}

function expect(seconds) {
  endsAt = Date.now() + seconds * 1000;
  clearTimeout(wait);
  clearInterval(ticking);
  if (box.open) box.close();
  wait = setTimeout(look, Math.max(0, seconds - box.dataset.i2aIdleWarn) * 1000);
}

async function look() {
  const seconds = await ask("GET", box.dataset.i2aIdleAsk);
  if (seconds === 0) return end();
  if (seconds === null) return (wait = setTimeout(look, 30000));
  if (seconds > Number(box.dataset.i2aIdleWarn)) return expect(seconds);
  endsAt = Date.now() + seconds * 1000;
  if (box.open) return;
  box.showModal();
  box.querySelector("[data-i2a-idle-yes]").focus();
  clearInterval(ticking);
  ticking = setInterval(tick, 1000);
  tick();
}

function tick() {
  const left = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
  const minutes = Math.round(left / 60);
  const says = left < 60 ? box.dataset.i2aIdleOne : box.dataset.i2aIdleMany.replace("%d", minutes);
  const out = box.querySelector("[data-i2a-idle-says]");
  if (out.textContent !== says) out.textContent = says; // read aloud when it changes, not every second
  box.querySelector("[data-i2a-idle-clock]").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  if (left > 0) return;
  clearInterval(ticking);
  setTimeout(look, 1500); // another tab may have answered
}

function end() {
  if (box.open) box.close();
  if (!isTyped()) {
    const next = encodeURIComponent(location.pathname + location.search);
    location.assign(`${box.dataset.i2aIdleOut}?next=${next}&ended=idle`);
  } else if (!over.open) {
    over.showModal();
  }
}

async function stay() {
  const seconds = await ask("POST", box.dataset.i2aIdleStay);
  if (seconds) expect(seconds);
  else look();
}

// Signing in made new proofs of origin: those of this page come from a fresh copy of it.
async function back() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer || !answer.ok || new URL(answer.url).pathname !== location.pathname) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const who = (here) => here.querySelector(".who")?.textContent;
  if (who(page) !== who(document)) return location.reload(); // somebody else: what was typed is not theirs
  const fresh = page.body.getAttribute("hx-headers");
  document.body.setAttribute("hx-headers", fresh);
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = JSON.parse(fresh)[TOKEN];
  over.close();
  expect(Number(page.querySelector("[data-i2a-idle]").dataset.i2aIdle));
}

if (box) {
  expect(Number(box.dataset.i2aIdle));
  box.querySelector("[data-i2a-idle-yes]").addEventListener("click", stay);
  box.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  over.addEventListener("cancel", (event) => event.preventDefault());
  over.querySelector("[data-i2a-idle-back]").addEventListener("click", back);
  document.addEventListener("visibilitychange", () => document.hidden || Date.now() < endsAt - box.dataset.i2aIdleWarn * 1000 || look());
}
