import mongoose from 'mongoose';

const schema = new mongoose.Schema(
  { n: Number },
  { autoCreate: false, autoIndex: false, bufferCommands: false },
);

/** A model without a connection: whatever would go to a server is rejected. */
export const Things = mongoose.model('Thing', schema);

/** The same, with documents that are found without a server. */
export const FoundThings = mongoose.model('FoundThing', schema);

/** What the queries of `FoundThings` call of the driver. */
const { collection } = FoundThings;
collection.findOne = async () => ({ _id: new mongoose.Types.ObjectId(), n: 42 });
Reflect.set(collection, 'find', () => {
  const documents = [{ n: 1 }, { n: 2 }];
  return { next: async () => documents.shift() ?? null, close: async () => {} };
});
