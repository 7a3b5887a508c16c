import { createDataService } from "./data-service.ts";
import { serve } from "./request.ts";

serve(self, createDataService());
