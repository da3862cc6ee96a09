import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Listed, OrderedList } from '../../../src/mirai/dispatcher/ordered-list.js';

interface Item extends Listed<Item> {
  readonly order: number;
}

function itemsOf(list: OrderedList<Item>): Item[] {
  const items: Item[] = [];
  for (let item = list.first; item; item = item.next) items.push(item);
  return items;
}

const itemOf = (order: number): Item => ({ order, previous: undefined, next: undefined });

test('is in the order of submission, whatever is added and removed', () => {
  const steps = fc.array(fc.nat(15), { maxLength: 80 });
  fc.assert(
    fc.property(steps, (orders) => {
      const list = new OrderedList<Item>();
      const all = Array.from({ length: 16 }, (_, order) => itemOf(order));
      const inList = new Set<Item>();
      for (const order of orders) {
        const item = all[order] ?? expect.fail();
        if (inList.delete(item)) list.remove(item);
        else list.add(item) ?? inList.add(item);
        const sought = all.filter((each) => inList.has(each));
        expect(itemsOf(list)).toEqual(sought);
        expect([list.first, list.length]).toEqual([sought[0], sought.length]);
        for (const [at, each] of sought.entries()) expect(each.previous).toBe(sought[at - 1]);
      }
    }),
    { numRuns: 300 },
  );
});

test('looks at each item a few times at most where many are put back one after the other', () => {
  let looks = 0;
  const counted = (order: number): Item => ({
    get order() {
      looks++;
      return order;
    },
    previous: undefined,
    next: undefined,
  });
  const list = new OrderedList<Item>();
  const items = Array.from({ length: 2000 }, (_, order) => counted(order));
  for (const item of items) list.add(item);
  const back = items.slice(0, 1000);
  for (const item of back) list.remove(item);
  looks = 0;
  for (const item of back) list.add(item);
  expect(itemsOf(list)).toEqual(items);
  expect(looks).toBeLessThan(20_000);
});
