/** What of the checker needs no system to be tested. */
import "./judge.test.mjs";
import "./random.test.mjs";
