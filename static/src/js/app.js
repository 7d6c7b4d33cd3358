import htmx from "htmx.org";
import { startCategoryGuess } from "./category_guess.js";
import { startChat } from "./chat.js";
import { startCopying } from "./copying.js";
import { startCountdowns } from "./countdown.js";
import { startDeals } from "./deals.js";
import { startDrafts } from "./drafts.js";
import { startFrame } from "./frame.js";
import { startGallery } from "./gallery.js";
import { startLists } from "./lists.js";
import { startNotifications } from "./notifications.js";
import { startShelf } from "./photo_shelf.js";
import { startPhotos } from "./photos.js";
import { startPush } from "./push.js";
import { startSession } from "./session.js";
import { connect } from "./socket.js";
import { startSplits } from "./split.js";
import { startSwitches } from "./switches.js";
import { startUsername } from "./username.js";

window.htmx = htmx;

startSession();
startFrame();
startGallery();
startLists();
startPhotos();
startCopying();
startShelf();
startCategoryGuess();
startDrafts();
startCountdowns();
startPush();
startSplits();
startSwitches();
startUsername();
if (document.body.dataset.viewer) {
  const socket = connect();
  startChat(socket);
  startDeals(socket);
  startNotifications(socket);
}
