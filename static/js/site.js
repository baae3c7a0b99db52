// Every public page asks for this file alone: collecting puts what it imports in its place (fibroblog/staticfiles.py).
// Each part looks for what it is about and does nothing where that is not on the page.

import "./before-paint.js";
import "./comment-form.js";
import "./lengths.js";
import "./place.js";
import "./listen.js";
import "./discussion.js";
import "./presses.js";
import "./again.js";
