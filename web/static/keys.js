// Keys of every page: search, rows of a list, tabs of a ring, and the list of keys itself.

const TABS = { e: "evidence", m: "members", h: "history", n: "notes" };

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof HTMLElement && target.matches("input, select, textarea");

/** Move to the next or the former row of the list that is seen. @param {number} by */
function moveRow(by) {
  const rows = [...document.querySelectorAll("[data-rows] tbody tr")].filter((row) => row.checkVisibility());
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("now"));
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
  rows[at]?.classList.remove("now");
  rows[next].classList.add("now");
  rows[next].scrollIntoView({ block: "nearest" });
  /** @type {HTMLElement | null} */ (rows[next].querySelector("a, summary"))?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const key = event.key.toLowerCase();
  if (event.key === "/") /** @type {HTMLInputElement | null} */ (document.querySelector("#find"))?.focus();
  else if (event.key === "?") /** @type {HTMLDialogElement | null} */ (document.querySelector("#help"))?.showModal();
  else if (key === "j" || key === "k") moveRow(key === "j" ? 1 : -1);
  else if (TABS[/** @type {keyof typeof TABS} */ (key)] && document.querySelector(".tabs")) location.hash = TABS[/** @type {keyof typeof TABS} */ (key)];
  else return;
  event.preventDefault();
});

document.documentElement.dataset.ready = "";
