// A slider beside each weight, kept in step with its number. Without this file the numbers alone do the same.
"use strict";
for (const box of document.querySelectorAll("input[data-slider]")) {
  const label = document.querySelector(`label[for="${box.id}"]`);
  const slider = document.createElement("input");
  const read = () => Number(box.value.replace(",", "."));
  slider.type = "range";
  slider.min = "0";
  slider.max = String(Math.max(5, Math.ceil(read() || 0)));
  slider.step = "0.1";
  slider.value = String(read() || 0);
  slider.setAttribute("aria-label", label ? label.textContent.trim() : box.name);
  slider.addEventListener("input", () => { box.value = slider.value; });
  box.addEventListener("input", () => {
    const value = read();
    if (!Number.isFinite(value) || value < 0 || value > 100) return;
    if (value > Number(slider.max)) slider.max = String(Math.ceil(value));
    slider.value = String(value);
  });
  box.before(slider);
}
