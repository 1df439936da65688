// On a narrow screen a wide chart shows its newest end first.
const showNewest = () => {
  for (const box of document.querySelectorAll(".scroll-x:has(> .chart)")) box.scrollLeft = box.scrollWidth;
};

showNewest();
document.addEventListener("htmx:afterSwap", showNewest);
