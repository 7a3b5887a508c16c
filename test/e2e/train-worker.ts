import type { Page, Worker } from "@playwright/test";

/**
 * Puts a script before the training worker's own, to make its GPU or its backends fail as machines do. To be called
 * before the page is opened.
 */
export async function beforeTrainWorker(page: Page, script: string): Promise<void> {
  await page.route(/train[.]worker[^/]*[.]js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script}\n${await response.text()}` });
  });
}

/** Keeps what makes the GPU be lost, as a driver's reset does, in `loseGpu` of the worker. */
export const losableGpu = `
const devices = [];
Object.defineProperty(GPUDevice.prototype, "lost", {
  get() { return new Promise((resolve) => devices.push({ device: this, resolve })); },
});
self.loseGpu = () => {
  for (const { device, resolve } of devices) {
    device.destroy();
    resolve({ reason: "unknown", message: "reset" });
  }
};`;

export function trainWorker(page: Page): Worker {
  const worker = page.workers().find((one) => /train[.]worker/.test(one.url()));
  if (!worker) throw new Error("There is no training worker.");
  return worker;
}
