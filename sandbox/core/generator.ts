/** Returns a source of random numbers from 0 to 1, the same ones for the same seed: Park and Miller's generator. */
export function generator(seed: number): () => number {
  const modulus = 2 ** 31 - 1;
  let state = Math.abs(Math.floor(seed)) * 2_654_435 % (modulus - 1) + 1;
  const next = () => {
    state = state * 16_807 % modulus;
    return (state - 1) / (modulus - 1);
  };
  next(); // the first number of a small seed is small
  return next;
}
