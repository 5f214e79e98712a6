// Letters for the buttons of a review: S, D, U and Z press theirs, R goes to the relations. Without this file the
// buttons do the same.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.matches("input, select, textarea")) return;
  const key = event.key.toLowerCase();
  if (!/^[a-z]$/.test(key)) return;
  const button = document.querySelector(`[data-key="${key}"]`);
  const first = document.querySelector(`[data-focus="${key}"]`);
  if (button) button.click();
  else if (first) first.focus();
  else return;
  event.preventDefault();
});
