// Starts the media worker that is named as the argument, asks it something and closes it. Run in a process
// of its own, because a worker that does not work can take its parent with it.
import { createWorker } from 'mediasoup';

const worker = await createWorker({ workerBin: process.argv[2] });
await worker.getResourceUsage();
worker.close();
