import { mongo } from 'mongoose';
import { repeatAborted } from '../../../src/records/mongo/aborted-writes';

const failing = (times: number, code: number): { tries: number; request: () => Promise<string> } => {
  const made = {
    tries: 0,
    request: (): Promise<string> => {
      made.tries += 1;
      if (made.tries > times) return Promise.resolve('done');
      return Promise.reject(new mongo.MongoServerError({ message: 'no', code }));
    },
  };
  return made;
};

describe('writes that MongoDB gave up in favour of others', () => {
  test.each([
    ['a write conflict', 112],
    ['a deadlock on FerretDB', 16_908_292],
  ])('A2 T4 are made again: %s', async (_name, code) => {
    const made = failing(3, code);
    expect(await repeatAborted(made.request)).toBe('done');
    expect(made.tries).toBe(4);
  });

  test('T4 are not made again without end', async () => {
    const made = failing(Infinity, 112);
    await expect(repeatAborted(made.request)).rejects.toThrow(mongo.MongoServerError);
    expect(made.tries).toBe(8);
  });

  test('T4 an error after which the write may have been made is not followed by a second attempt', async () => {
    const made = failing(1, 11_600);
    await expect(repeatAborted(made.request)).rejects.toThrow(mongo.MongoServerError);
    expect(made.tries).toBe(1);
  });
});
