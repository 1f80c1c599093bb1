package dev.smskit.phone.connection;

import dev.smskit.phone.Context;
import dev.smskit.phone.protocol.Frames;
import dev.smskit.phone.protocol.Json;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;

/** What the phone says of itself. */
final class Words {
    private Words() {
    }

    /** Who it is, what it can do, and what it holds. */
    static JSONObject hello(Context context, Device device, List<Device.Sim> present) {
        Device.Vitals vitals = device.vitals();
        JSONArray sims = new JSONArray();
        for (Device.Sim sim : present) {
            sims.put(Json.of(
                    "simSlot", sim.simSlot(), "carrierName", sim.carrierName(), "window", Device.WINDOW));
        }
        return Json.of(
                "type", "hello", "protocol", Frames.PROTOCOL, "journalId", context.journal().journalId(),
                "appVersion", device.appVersion(), "capabilities", Json.of("deliveryReports", true),
                "batteryLevel", vitals.batteryLevel(), "networkType", vitals.networkType(),
                "signalStrength", vitals.signalStrength(), "sims", sims,
                "open", Frames.open(context.journal().openJobs(Frames.OPEN_ITEMS)));
    }

    /** How it is doing. */
    static JSONObject heartbeat(Device device) {
        Device.Vitals vitals = device.vitals();
        JSONArray sims = new JSONArray();
        for (Device.Sim sim : device.sims()) {
            sims.put(Json.of("simSlot", sim.simSlot(), "isReady", device.isReady(sim.simSlot())));
        }
        return Json.of(
                "type", "heartbeat", "batteryLevel", vitals.batteryLevel(), "isCharging", vitals.isCharging(),
                "networkType", vitals.networkType(), "signalStrength", vitals.signalStrength(), "sims", sims);
    }
}
