// input[data-i2a-organisation]: choosing a known organisation from its list also says what type it is, unless a type was chosen.

document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-i2a-organisation]");
  const option = field && Array.from(field.list?.options || []).find((each) => each.value === field.value);
  const type = field?.form?.elements.organisation_type;
  if (!option || !type || type.value) return;
  type.value = option.dataset.organisationType;
  type.dispatchEvent(new Event("change", { bubbles: true }));
});
