// The members' pages. Each part looks for its own elements and does nothing where there are none.
import { slug } from "./dom.js";
import { connect } from "./live.js";
import { startInbox } from "./inbox.js";
import { startComposer } from "./composer.js";
import { startPresence } from "./presence.js";
import { startKeys } from "./keys.js";
import { startPalette } from "./palette.js";
import { startTimes } from "./times.js";
import { startCustomer } from "./customer.js";

startInbox();
startComposer();
startPresence();
startKeys();
startPalette();
startTimes();
startCustomer();
if (slug()) connect(slug());
