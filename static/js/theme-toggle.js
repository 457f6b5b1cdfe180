// [data-i2a-theme-toggle]: switch between light and dark, and remember it for a year in this browser.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-i2a-theme-toggle]")) return;
  const root = document.documentElement;
  const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
  root.setAttribute("data-bs-theme", next);
  document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
});
