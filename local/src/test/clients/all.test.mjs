/** Every test with a real client, in one process; one file after the other. */
import "./contract.test.mjs";
import "./versions.test.mjs";
import "./disconnect.test.mjs";
import "./reconnect.test.mjs";
import "./recovery.test.mjs";
import "./payload.test.mjs";
import "./order.test.mjs";
import "./upgrade.test.mjs";
import "./reached.test.mjs";
import "./pictures.test.mjs";
