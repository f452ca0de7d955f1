import { classify } from "bouncelens/inline";

console.log(JSON.stringify(classify("550 5.1.1 User unknown").reason));
