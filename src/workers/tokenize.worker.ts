import { serve } from "./request.ts";
import { createTokenizeService } from "./tokenize-service.ts";

serve(self, createTokenizeService());
