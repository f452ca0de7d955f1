import { createPool } from "bouncelens/worker";

const pool = createPool({ size: 1 });
const [verdict] = await pool.classifyAll("550 5.1.1 <a@example.com>: User unknown");
document.title = verdict.reason;
await pool.close();
