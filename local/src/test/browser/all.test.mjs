/** Every browser test, in one process and one browser. */
import "./conversation.test.mjs";
import "./connection.test.mjs";
import "./presence.test.mjs";
import "./access.test.mjs";
import "./phone.test.mjs";
import "./nodes.test.mjs";
