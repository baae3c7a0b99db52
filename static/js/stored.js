// What this browser keeps, where it lets us. With storage switched off nothing is known and nothing is kept.

export const stored = (use) => {
  try {
    return use(localStorage, sessionStorage);
  } catch {
    return null;
  }
};

export const recall = (key, otherwise) => stored((local) => JSON.parse(local.getItem(key))) ?? otherwise;

export const keep = (key, value) =>
  stored((local) => (value === null ? local.removeItem(key) : local.setItem(key, JSON.stringify(value))));
