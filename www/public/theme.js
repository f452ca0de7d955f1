// Runs before the first paint, so that a chosen theme never flashes the other one, nor a language English.
(function () {
  var root = document.documentElement;
  var locale = navigator.language;
  try {
    var theme = localStorage.getItem("bouncelens.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    locale = localStorage.getItem("bouncelens.locale") || locale;
  } catch (error) {
    // No storage: the system's theme and language apply.
  }
  // Taken away when the words are there; what hides the page gives up by itself (base.css).
  if (!/^en\b/i.test(locale)) root.dataset.words = "awaited";
})();
