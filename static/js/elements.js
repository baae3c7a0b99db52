// Elements that only scripts put on a page.

export const make = (tag, className, ...inside) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...inside);
  return element;
};

export const button = (words, press) => {
  const element = make("button", "quiet", words);
  element.type = "button";
  element.addEventListener("click", press);
  return element;
};
