// button[data-i2a-copy="id"]: copies what stands in the box #id and says so in the [role=status] beside it. Where a browser
// does not let us, the text is selected, for the keyboard.

document.querySelectorAll("[data-i2a-copy]").forEach((button) => {
  const box = document.getElementById(button.dataset.i2aCopy);
  button.addEventListener("click", async () => {
    box.select();
    try {
      await navigator.clipboard.writeText(box.value);
    } catch {
      return;
    }
    button.parentElement.querySelector("[role=status]").textContent = button.dataset.i2aCopied;
  });
});
