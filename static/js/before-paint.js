// Before the first paint: how much of a post this reader likes to read, and whether there is a place to continue from,
// so that nothing jumps when lengths.js and place.js take over. Read here, never sent.
//
// It comes by itself, early, and again within site.js: whichever is there first does it, once.

const { dataset } = document.documentElement;
const recall = (key) => JSON.parse(localStorage.getItem(key));

if (!("settled" in dataset)) {
  dataset.settled = "";
  try {
    // A link to a place in the story, or in its short version, shows it, however little one likes to read.
    const length = /^#(p-|part-|full-)/.test(location.hash) ? "full" : (recall("length") ?? "full");
    dataset.length = length === "points" && /^#s(-|hort-)/.test(location.hash) ? "short" : length;
    const places = recall("places") ?? {};
    if (location.pathname === "/" ? Object.keys(places).length : places[location.pathname]) dataset.place = "";
  } catch {
    // Storage is off: all of the post is shown, from its beginning.
  }
}
