import { classify, init } from "bouncelens";

await init();
document.title = classify("550 5.1.1 User unknown").reason;
