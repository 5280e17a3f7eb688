// Runs before the first paint, so that a dark page never flashes white. A file, not inline, to fit the page's CSP.
;(function () {
  var chosen = localStorage.getItem('banyan.theme') || 'system'
  var dark = chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
})()
