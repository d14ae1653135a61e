import type { Block } from "./stats.ts";

/** Does something once. Returns how long it took, in milliseconds. */
export type Side = () => Promise<number>;

/**
 * One of ours and one of the yardstick's in turn, so that whatever the machine does meanwhile happens to both. Which
 * goes first changes with every pair.
 */
export async function alternate(ours: Side, yardstick: Side, blocks: number, pairs: number): Promise<Block[]> {
  const pair = async (block: Block, oursFirst: boolean) => {
    if (oursFirst) block.ours.push(await ours());
    block.yardstick.push(await yardstick());
    if (!oursFirst) block.ours.push(await ours());
  };
  return inBlocks(blocks, async () => {
    const block: Block = { ours: [], yardstick: [] };
    for (let n = 0; n < pairs; n++) await pair(block, n % 2 === 0);
    return block;
  });
}

/** A batch of clients at once of ours, then one of the yardstick's; each client does `each` one after the other. */
export async function alternateBatches(
  ours: Side,
  yardstick: Side,
  blocks: number,
  clients: number,
  each: number,
): Promise<Block[]> {
  const batch = async (side: Side) => {
    const client = async () => {
      const times: number[] = [];
      for (let n = 0; n < each; n++) times.push(await side());
      return times;
    };
    return (await Promise.all(Array.from({ length: clients }, client))).flat();
  };
  return inBlocks(blocks, async (at) => {
    const first = at % 2 === 0 ? await batch(ours) : null;
    const theirs = await batch(yardstick);
    return { ours: first ?? (await batch(ours)), yardstick: theirs };
  });
}

/** The first block warms up and is not counted. */
async function inBlocks(blocks: number, run: (at: number) => Promise<Block>): Promise<Block[]> {
  const measured: Block[] = [];
  for (let at = 0; at <= blocks; at++) measured.push(await run(at));
  return measured.slice(1);
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
