import type { Field } from "./label.ts";
import { readAddress } from "./read-address.ts";
import { readHolderId, readInvoice } from "./read-code.ts";
import { readIssued, readPeriodOfBill, readReplaced } from "./read-days.ts";
import { readHolder } from "./read-name.ts";
import { readPod } from "./read-pod.ts";
import { readAnnual, readKwh, readPower } from "./read-quantity.ts";
import { readMeasured, readType, readVoltage } from "./read-type.ts";
import type { Found, Region } from "./region.ts";

/** Reads what stands behind a label; null if it is something else. */
export const READERS: Record<Field, (region: Region) => Found | null> = {
  pod: readPod,
  period: readPeriodOfBill,
  kwh: readKwh,
  annual: readAnnual,
  power: readPower,
  type: readType,
  voltage: readVoltage,
  holder: readHolder,
  holder_id: readHolderId,
  address: readAddress,
  issued: readIssued,
  invoice: readInvoice,
  replaces: readReplaced,
  measured: readMeasured,
};
