// Runs before the app, and without it: when one of the files that the page itself names cannot be loaded, it loads the
// page once more, and shows the words of the page (`#trouble`) when that has not helped. It is no module and uses old
// syntax alone, so that it runs where the app cannot. `ui/loading/load-or-reload` does the same for parts that load later.
(function () {
  'use strict';
  var NAME = 'passerby.reloaded';
  var RECENT_MS = 60000;
  var isReloading = false;

  /** Whether this tab has reloaded just now. A tab that stores nothing knows it by how the page was opened. */
  function hasReloaded() {
    try {
      return Date.now() - Number(sessionStorage.getItem(NAME) || 0) < RECENT_MS;
    } catch {
      return wasReloaded();
    }
  }

  function wasReloaded() {
    var entry = performance.getEntriesByType('navigation')[0];
    return entry === undefined || entry.type === 'reload';
  }

  /** Answers whether the next page will know of the reload. */
  function rememberReload() {
    try {
      sessionStorage.setItem(NAME, String(Date.now()));
      return true;
    } catch {
      return !wasReloaded();
    }
  }

  function show(what) {
    var trouble = document.getElementById('trouble');
    if (trouble === null) return;
    var isGerman = (navigator.language || '').toLowerCase().indexOf('de') === 0;
    var other = trouble.querySelector(isGerman ? '[lang=en]' : '[lang=de]');
    if (other !== null) other.remove();
    trouble.setAttribute('data-failed', what);
  }

  function whenParsed(work) {
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', work);
    else work();
  }

  function recover(what) {
    if (isReloading) return;
    var sayIt = function () {
      whenParsed(function () {
        show(what);
      });
    };
    if (hasReloaded()) return sayIt();
    isReloading = true;
    fetch('/', { method: 'HEAD', cache: 'no-store' }).then(function (reply) {
      if (reply.ok && rememberReload()) window.location.reload();
      else sayIt();
    }, sayIt);
  }

  window.addEventListener(
    'error',
    function (event) {
      var file = event.target;
      if (file instanceof HTMLScriptElement) return recover('script');
      if (file instanceof HTMLLinkElement) return file.rel === 'stylesheet' ? recover('style') : undefined;
      // An error in a script that has shown nothing yet. A reload would bring the same error.
      var root = document.getElementById('root');
      if (event instanceof ErrorEvent && root !== null && root.childElementCount === 0) show('script');
    },
    true,
  );
})();
