// Before the first paint: the person's own choice (a cookie, so that signing out, which clears storage, keeps it), else the system's.
// A classic script in the head: a module would run too late and the page would flash.
(function () {
  var kept = /(?:^|; )theme=(dark|light)/.exec(document.cookie);
  var dark = matchMedia("(prefers-color-scheme: dark)").matches;
  var root = document.documentElement;
  root.setAttribute("data-bs-theme", kept ? kept[1] : dark ? "dark" : "light");
  root.classList.add("js");
})();
