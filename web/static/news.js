// A quiet bar that tells what became newer than this page. It moves nothing, and without scripts there is none.

const bar = /** @type {HTMLElement | null} */ (document.querySelector("#news[data-events]"));
const RETRY_MS = 60_000; // after an answer that is no stream: too many pages listen, or the key is good no more

/** @type {EventSource | undefined} */
let source;

/** @param {{ text: string, href: string }} news */
function tell(news) {
  if (!bar) return;
  const text = document.createElement("span");
  text.textContent = news.text;
  const link = document.createElement("a");
  link.textContent = "Show";
  link.href = news.href;
  link.addEventListener("click", (event) => {
    if (new URL(link.href).pathname !== location.pathname) return;
    event.preventDefault();
    location.reload();
  });
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Later";
  close.addEventListener("click", () => bar.replaceChildren());
  bar.replaceChildren(text, link, close);
}

/** Listen while somebody looks: a browser keeps six connections to a server, and other tabs need them, too. */
function listen() {
  source?.close();
  source = undefined;
  if (!bar || document.hidden) return;
  source = new EventSource(/** @type {string} */ (bar.dataset.events));
  source.addEventListener("news", (event) => tell(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    if (source?.readyState === EventSource.CLOSED) setTimeout(listen, RETRY_MS);
  });
}

document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => source?.close());
listen();
