// input[data-i2a-organisation]: choosing a known organisation also says what type it is, unless a type was chosen.

document.addEventListener("i2a:chosen", (event) => {
  const field = event.target.closest("[data-i2a-organisation]");
  const type = field?.form?.elements.organisation_type;
  if (!type || type.value) return;
  type.value = event.detail.dataset.organisationType;
  type.dispatchEvent(new Event("change", { bubbles: true }));
});
