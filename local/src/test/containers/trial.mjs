/** What the trials of containers have in common: figures on the screen, and an exit code. */
export const say = (what, figure) => console.log(`${what.padEnd(52)} ${figure}`);

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs a trial to its end: exit code 1 where anything is not as it should be. */
export function conclude(trial) {
  trial().then(
    () => {
      console.log("All as it should be.");
      process.exit(0);
    },
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}
